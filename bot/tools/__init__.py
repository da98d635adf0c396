"""What the model may call; knows neither AutoGen nor Slack."""
