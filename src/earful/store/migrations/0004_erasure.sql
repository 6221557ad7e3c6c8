-- Who caused an event is named in `actor`: on erasure the name goes as well.
GRANT UPDATE (actor) ON event TO earful_app;
