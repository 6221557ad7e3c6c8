"""The connector of Mastodon, against servers that speak its API."""
