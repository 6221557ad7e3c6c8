"""What answers requests: one module for each kind of resource, each with its `ROUTES`."""
