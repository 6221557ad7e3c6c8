"""Decides who runs the embedded database and where its files and socket lie.

The server refuses to run as root, so root hands it to an unprivileged user, who must be able to
reach every folder above. Where that can't be (a checkout in root's closed home), the cluster goes
below /var/lib/earful and `<data_dir>/pg` becomes a link to it.
"""

from __future__ import annotations

import os
import pwd
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from earful.settings import Settings
from earful.store.binaries import copy_bundled, find_binaries
from earful.store.child import User
from earful.store.errors import Unusable
from earful.store.folder import make_data_dir

MAJOR = 18
SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 103  # macOS; Linux allows 107
ROOTS_HOME = Path("/var/lib/earful")


@dataclass(frozen=True, slots=True)
class Place:
    """Where one embedded database lives. `home` holds the cluster and, if short enough, `run`."""

    user: User
    bin_dir: Path
    home: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's data directory."""
        return self.home / str(MAJOR)


def find_place(settings: Settings) -> Place:
    """Decide, and make the folders. Raises Unusable with what to change."""
    data_dir = settings.data_dir
    link = data_dir / "pg"
    found = clusters(link)
    user = _user(settings, found[max(found)] if found else link / str(MAJOR))
    try:
        make_data_dir(data_dir)
        home = _home(link, user)
        # Ours, not the server's: root writes the configuration and the start log here.
        home.mkdir(exist_ok=True)
        home.chmod(0o711 if user.drop else 0o700)
        programs = _programs(settings, user)
    except OSError as error:
        raise Unusable(f"The data folder {data_dir} can't be used: {error}.") from None
    return Place(user=user, bin_dir=programs, home=home)


def clusters(home: Path) -> dict[int, Path]:
    """PostgreSQL's data directories below `home`, by major."""
    return {
        int(path.name): path
        for path in home.glob("[0-9]*")
        if path.name.isdigit() and (path / "PG_VERSION").exists()
    }


def find_socket_dir(place: Place) -> Path:
    """A closed folder for the socket: in the cluster's home, or a fresh short one in /tmp."""
    folder = place.home / "run"
    if len(os.fsencode(folder / SOCKET_NAME)) > SOCKET_PATH_BYTES:
        folder = Path(tempfile.mkdtemp(prefix="earful-", dir="/tmp"))
    place.user.own(folder)
    return folder


def reachable(path: Path, user: User) -> bool:
    """Whether `user` may pass through every folder on the way to `path`, and `path` itself."""
    return all(_passes(folder.stat(), user) for folder in (path, *path.parents))


def _passes(found: os.stat_result, user: User) -> bool:
    if found.st_uid == user.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == user.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _home(link: Path, user: User) -> Path:
    if link.exists():
        return link.resolve()
    if not user.drop or reachable(link.parent.resolve(), user):
        return link.parent.resolve() / "pg"
    clusters = _roots_home("clusters")
    home = Path(tempfile.mkdtemp(prefix=f"{link.parent.name.strip('.')}-", dir=clusters))
    link.unlink(missing_ok=True)
    link.symlink_to(home)
    return home


def _programs(settings: Settings, user: User) -> Path:
    bin_dir = find_binaries(settings.pg_bin)
    if not user.drop or reachable(bin_dir.resolve(), user):
        return bin_dir
    if settings.pg_bin:
        raise Unusable(f"The user {user.name} can't reach EARFUL_PG_BIN ({bin_dir}).")
    return copy_bundled(bin_dir, _roots_home("programs"))


def _roots_home(name: str) -> Path:
    folder = ROOTS_HOME / name
    folder.mkdir(parents=True, exist_ok=True, mode=0o711)
    for each in (ROOTS_HOME, folder):
        each.chmod(0o711)
    return folder


def _user(settings: Settings, cluster: Path) -> User:
    """Who runs the server: ourselves, or for root an unprivileged user with a passwd entry."""
    if os.geteuid() != 0:
        return User(name="", uid=os.geteuid(), gid=os.getegid(), drop=False)
    owner = cluster.stat().st_uid if cluster.exists() else None
    wanted = settings.pg_run_as or (_name_of(owner) if owner else None)
    for name in [wanted] if wanted else ["postgres", "nobody"]:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return _checked(User(entry.pw_name, entry.pw_uid, entry.pw_gid, drop=True), owner, cluster)
    raise Unusable(
        f"There is no user {wanted or 'postgres or nobody'} to run the database as. Set "
        "EARFUL_PG_RUN_AS, or start Earful as an ordinary user."
    )


def _name_of(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        raise Unusable(
            f"The database belongs to user number {uid}, who has no entry in /etc/passwd. Give it "
            "to another user with chown -R, and set EARFUL_PG_RUN_AS to that user."
        ) from None


def _checked(user: User, owner: int | None, cluster: Path) -> User:
    if user.uid == 0:
        raise Unusable("The database can't run as root: set EARFUL_PG_RUN_AS to another user.")
    if owner is not None and owner != user.uid:
        raise Unusable(
            f"The database in {cluster} does not belong to {user.name} (EARFUL_PG_RUN_AS). Give it "
            f"to that user: chown -R {user.name} {cluster.parent.resolve()}"
        )
    return user
