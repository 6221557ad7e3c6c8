"""Content-addressed files behind one interface."""
