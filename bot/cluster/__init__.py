"""Reading Kubernetes: where the cluster is and how kubectl is started; it changes nothing there."""
