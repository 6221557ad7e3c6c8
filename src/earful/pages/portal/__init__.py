"""The portal's pages: whoever has no account writes here, and reads the answer by a link.

They set no cookie and work without script; the script they have only makes them live. The app's
state has `works`, `media`, `bell` and `portal_pace` besides what the other pages need.
"""

from earful.pages.portal.routes import router

__all__ = ["router"]
