"""Where pictures are kept. The store itself lies lower, because backups carry it."""

from __future__ import annotations

from earful.store.contents import MediaBucket, MediaFiles, MediaStore, media_store

__all__ = ["MediaBucket", "MediaFiles", "MediaStore", "media_store"]
