"""Work that ends: Jobs and CronJobs that fail, hang or do not begin. Pure, as all checks are."""
