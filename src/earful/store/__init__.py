"""The store room: the database, its supervisor, connections, migrations, backup.

Rooms above use `pool` and `opening`; the rest is for commands. Nothing is imported here: the parent
of a desk needs the supervisor alone, and stays small. `errors` tells::

    StoreError
    +-- Unreachable      the database can't be reached
    +-- AlreadyRunning   another process runs the embedded database of this data folder
    +-- Unusable         the folder, the user, the binaries or the server version won't do
    +-- MigrationError   the schema and the migrations don't fit together
"""
