"""Kaia: asked in a Slack thread, answers from the Kubernetes cluster it runs in."""
