"""What people see who open Kaia under Slack's apps: the home tab, and prompts for a first word."""
