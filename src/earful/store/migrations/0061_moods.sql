-- Of a day: in what mood the posts of each inbox were that were read; numbers only. And what is kept in
-- words beside it was said by two people or more.
ALTER TABLE picture ADD COLUMN moods jsonb NOT NULL DEFAULT '{}';
