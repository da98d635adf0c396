"""What extends the API: custom resources, their APIs, webhooks. Pure, as all checks are."""
