"""The versioned REST API, one module per resource, and the stream."""
