"""The loops: listen, send, settle, and what time brings due."""
