"""Following single objects of the cluster, to tell when one is as it should be, or worse."""
