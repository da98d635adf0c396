"""How things look in Slack; pure."""
