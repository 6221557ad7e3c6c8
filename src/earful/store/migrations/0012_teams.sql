-- Teams: agents by name of what they do. An inbox may be given to agents, to teams, or to both; with
-- neither, everybody works in it. A conversation may be looked after by a team.

CREATE TABLE team (
  workspace_id uuid NOT NULL REFERENCES workspace (id),
  id uuid NOT NULL,
  name text NOT NULL,
  created_at timestamptz NOT NULL,
  deleted_at timestamptz,
  PRIMARY KEY (workspace_id, id)
);

CREATE TABLE team_member (
  workspace_id uuid NOT NULL,
  team_id uuid NOT NULL,
  agent_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, team_id, agent_id),
  FOREIGN KEY (workspace_id, team_id) REFERENCES team (workspace_id, id),
  FOREIGN KEY (workspace_id, agent_id) REFERENCES agent (workspace_id, id)
);
CREATE INDEX team_of_agent ON team_member (workspace_id, agent_id);

CREATE TABLE inbox_team (
  workspace_id uuid NOT NULL,
  inbox_id uuid NOT NULL,
  team_id uuid NOT NULL,
  PRIMARY KEY (workspace_id, inbox_id, team_id),
  FOREIGN KEY (workspace_id, inbox_id) REFERENCES inbox (workspace_id, id),
  FOREIGN KEY (workspace_id, team_id) REFERENCES team (workspace_id, id)
);

ALTER TABLE conversation ADD COLUMN team_id uuid;
CREATE INDEX conversation_of_team ON conversation
  (workspace_id, team_id, last_message_at DESC, id DESC)
  WHERE team_id IS NOT NULL AND status <> 'resolved';

GRANT SELECT, INSERT, UPDATE, DELETE ON team, team_member, inbox_team TO earful_app;
