-- contract
-- From here a person may have an open conversation in public and others in private or on another
-- network. Code of before, which knows one, can't open conversations any more.
DROP INDEX conversation_one_open;
