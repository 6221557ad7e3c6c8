/** The shapes of the API, as the reference documents them. Instants are ISO 8601 in UTC. */

export type Status = "open" | "pending" | "snoozed" | "resolved";

export interface Card {
  id: string;
  inbox_id: string;
  channel_id: string;
  network: string;
  visibility: string;
  status: Status;
  severity: number;
  severity_reason: string;
  contact: { id: string; name: string; handle: string };
  assignee_id: string | null;
  team_id: string | null;
  preview: string;
  summary: string;
  tags: string[];
  unanswered: number;
  people: number;
  opened_at: string;
  last_message_at: string;
  waiting_since: string | null;
  clock: { started_at: string; due_at: string; policy_id?: string } | null;
  snoozed_until: string | null;
  snooze_on_reply: boolean;
  disposition: string | null;
  sending: number;
  trouble: string;
  merged_into: string | null;
  version: number;
}

/** What few messages have. */
export interface Extra {
  subject?: string;
  warning?: string;
  /** All of it, where `text` leaves quotes out. */
  whole?: string;
  /** A machine wrote it: why one thinks so. */
  automatic?: string;
  /** Earful said it by itself: what spoke. */
  spoken?: string;
  /** Why no program may answer it there. */
  barred?: string;
  /** Hidden on the network from those who read our thread. */
  hidden?: boolean;
  /** It was answered in the network's own app. */
  there?: boolean;
}

export interface Medium {
  id: string | null;
  url: string;
  /** A file, and not a picture: it is downloaded. */
  name?: string;
  bytes?: number;
  /** Absent for what was sent from here: that is kept. */
  state?: "wanted" | "kept" | "failed" | "removed" | "elsewhere";
  /** Why it is not shown, in words. */
  reason?: string;
  mime: string;
  alt: string;
  width: number | null;
  height: number | null;
}

export interface Delivery {
  id: string;
  state: "queued" | "sending" | "sent" | "held" | "failed" | "uncertain" | "undone";
  error: string;
  run_at: string;
  attempts: number;
}

export interface Message {
  id: string;
  conversation_id: string;
  direction: "incoming" | "outgoing" | "note" | "activity";
  visibility: string;
  author: { kind: string; id: string | null; name: string; handle: string };
  text: string;
  media: Medium[];
  mentions: string[];
  external_id: string | null;
  uri: string;
  parent_id: string | null;
  published_at: string;
  received_at: string;
  disposition: string | null;
  edited_at: string | null;
  deleted_at: string | null;
  delivery: Delivery | null;
  extra?: Extra;
}

export interface Agent {
  id: string;
  name: string;
  handle: string;
  email: string;
  initials: string;
  role: "owner" | "lead" | "agent" | "viewer";
  undo_for: number;
  sign_off: string;
  disabled: boolean;
}

export interface Limits {
  length: number;
  counted_in: string;
  images: number;
  image_bytes: number;
  image_types: string[];
  /** Files a message takes, pictures among them; 0 where only pictures are sent. */
  files: number;
  file_bytes: number;
  file_types: string[];
  alt_text_required: boolean;
  threads: boolean;
  /** What a link counts as; 0 for its own length. */
  link_length: number;
  /** Whether the network knows what a writer should be told before she sends. */
  warns: boolean;
}

/** How a reply would go out, counted and split as sending does it. */
export interface Preview {
  length: number;
  limit: number;
  counted_in: string;
  parts: string[];
  refusal: string;
  warnings: string[];
}

/** What a channel can do beside public posts. */
export interface Can {
  /** Private messages; null where there are none from here, or nothing else. */
  direct: { length: number; images: number; note: string } | null;
  private: boolean;
  hides: boolean;
  removes: boolean;
  warnings: boolean;
  invites: boolean;
  /** The way people can be asked to come by: "email", "portal", or empty. */
  welcomes: string;
  answers_there: boolean;
}

/** Whether somebody takes a private message from us, and why not. */
export interface Reach {
  can: boolean;
  why: string;
}

/** From a public conversation to a private one. */
export interface Move {
  id: string;
  from_id: string;
  to_id: string | null;
  contact_id: string;
  by: "direct" | "email" | "portal";
  agent_id: string;
  state: "invited" | "arrived" | "lost";
  invited_at: string | null;
  arrived_at: string | null;
  lost_at: string | null;
}

export interface Channel {
  id: string;
  network: string;
  handle: string;
  name: string;
  inbox_id: string;
  state: "active" | "held" | "reauthorize" | "off";
  state_reason: string;
  /** What its network has to say while it goes on working. */
  notice: string;
  limits: Limits;
  can: Can;
}

export interface Inbox {
  id: string;
  name: string;
  channel_ids: string[];
  agent_ids: string[];
  team_ids: string[];
}

export interface Team {
  id: string;
  name: string;
  agent_ids: string[];
}

export interface Tag {
  name: string;
  color: string;
}

export interface Macro {
  id: string;
  name: string;
  text: string;
  /** A search: it is offered as an answer where a customer's post is what that looks for. */
  offered_for: string;
}

export interface Filter {
  status?: string | null;
  inbox?: string | null;
  assignee?: string | null;
  team?: string | null;
  tag?: string | null;
  network?: string | null;
  severity?: number | null;
  trouble?: boolean;
  order?: string;
}

export interface SavedView {
  id: string;
  name: string;
  filter: Filter;
}

export interface Presence {
  conversation_id: string;
  agent_id: string;
  state: "viewing" | "typing" | "gone";
  at: string;
}

export interface Counts {
  views: Record<string, number>;
  unanswered: number;
  nearly_late: number;
  oldest_waiting_since: string | null;
  ledger: { inbound: number; settled: number; with_customer: number; open: number };
}

export interface Preferences {
  theme?: "system" | "light" | "dark";
  keys_off?: boolean;
  keymap?: Record<string, string>;
  undo_for?: number;
  notifications?: boolean;
}

export interface Rules {
  codes_required: boolean;
  presence: boolean;
  typing: boolean;
  agent_figures: boolean;
  /** So many follow a person of note; 0: nobody is told of. */
  note_followers: number;
}

export interface Me {
  agent: Agent;
  rules: Rules;
  workspace: { id: string; name: string; public_url: string | null; rehearsal: boolean };
  csrf: string;
  preferences: Preferences;
}

export interface Page {
  items: Card[];
  next: string | null;
}

export interface Snapshot {
  cursor: number;
  me: Me;
  agents: Agent[];
  teams: Team[];
  inboxes: Inbox[];
  channels: Channel[];
  tags: Tag[];
  macros: Macro[];
  views: SavedView[];
  counts: Counts;
  page: Page;
  drafts: { conversation_id: string; updated_at: string }[];
  presence: Presence[];
  /** What networks are called, by their names. */
  networks: Record<string, string>;
  /** Networks whose handles stand without an @: addresses and names. */
  bare: string[];
}

type Begun = Pick<Draft, "text" | "in_reply_to" | "media" | "warning" | "then" | "move">;

export interface Draft {
  text: string;
  mode: "public" | "direct" | "note";
  in_reply_to: string | null;
  /** Pictures with their words; a file has a name. */
  media: { id: string; alt: string; name?: string }[];
  /** Undefined for that of the post that is answered. */
  /** Absent or null as long as none was thought of. */
  warning?: string | null | undefined;
  then?: string | undefined;
  /** The id of an invitation in the text, and its link. */
  move?: string | null | undefined;
  /** What was begun for other readers, by their mode. */
  others?: Partial<Record<string, Begun>>;
  updated_at?: string | null;
}

export interface Handle {
  contact_id: string;
  network: string;
  handle: string;
  bot: boolean;
  /** How many follow it; null where the network does not say. */
  followers: number | null;
  avatar: string | null;
}

/** Two accounts that stand together as one person, or are proposed to. */
export interface Tie {
  id: string;
  one_id: string;
  other_id: string;
  state: "proposed" | "linked";
  how: "" | "code" | "agreement";
  agent_id: string;
  confirmed_by: string | null;
  proposed_at: string;
  linked_at: string | null;
  /** Of the account at the other end of a proposal. */
  handles: Handle[];
  words: { id: string; conversation_id: string; contact_id: string; text: string; published_at: string }[];
  /** A proposal for which both accounts have spoken. */
  agreed: boolean;
}

export interface Contact {
  id: string;
  name: string;
  handles: Handle[];
  /** The network by which they wish to be written to, or empty. */
  preferred: string;
  /** What a visitor of the portal gave, unproved; absent elsewhere. */
  email?: string;
  /** The time zone they live in, or empty where nobody noted it. */
  zone: string;
  /** Nothing new is kept about them. */
  erased: boolean;
  links: Tie[];
  /** Accounts that only wrote in inboxes one does not see. */
  hidden: number;
  history: Card[];
  /** The token of what is older. */
  older: string | null;
}

export interface Whole {
  card: Card;
  /** The newest, oldest first; `earlier` leads to those before them. */
  messages: Message[];
  earlier: string | null;
  contact: Contact;
  moves: Move[];
  /** The conversations at the other end of its moves. */
  linked: Card[];
  draft: Draft | null;
  presence: Presence[];
  cursor: number;
}

export interface DeskEvent {
  seq: number;
  at: string;
  kind: string;
  actor: { kind: string; id: string | null; name: string };
  conversation_id: string | null;
  inbox_id: string | null;
  data: {
    card?: Card;
    messages?: Message[];
    channel?: Channel;
    agent?: Agent;
    inbox?: Inbox;
    team?: Team;
    tag?: Tag;
    macro?: Macro;
    view?: SavedView;
    removed?: string;
    workspace?: { name: string };
    reason?: string;
    contact?: { id: string; avatar?: string };
    move?: Move;
    /** Of a mention. */
    id?: string;
    link?: { id: string; one_id: string; other_id: string };
  };
}

export interface Hit {
  card: Card;
  message: {
    id: string;
    text: string;
    published_at: string;
    direction: string;
    author: { name: string; handle: string };
  };
}

export interface Found {
  items: Hit[];
  next: string | null;
  period: { from: string; to: string };
  complete: boolean;
}
