// The vocabulary papo.v1, for people in docs/ws.md. Made from crates/wire/src/json by its tests; to
// make it again: UPDATE_DOCS=1 cargo test -p wire typescript

/** The WebSocket subprotocol. */
export const PROTOCOL = "papo.v1";

/** What is longer is refused. */
export const LIMITS = {
  /** Bytes of one message to the server. */
  MESSAGE_BYTES_MAX: 65536,
  /** Bytes of a text or topic in UTF-8. */
  TEXT_BYTES_MAX: 4096,
  /** Lines of a text. */
  TEXT_LINES_MAX: 100,
  /** Characters of a nick or a room's name. */
  NAME_CHARS_MAX: 32,
  /** Bytes of an id that is a string. */
  ID_BYTES_MAX: 64,
  /** Bytes of the key of a post: ASCII that can be seen. */
  KEY_BYTES_MAX: 64,
  /** Bytes of a client's name. */
  CLIENT_BYTES_MAX: 64,
  /** Bytes of a password. */
  PASSWORD_BYTES_MAX: 256,
  /** Bytes of a token. */
  TOKEN_BYTES_MAX: 128,
  /** Bytes of the words of a search. */
  SEARCH_BYTES_MAX: 512,
  /** Messages on a page without a `limit`. */
  PAGE_DEFAULT: 50,
  /** Messages on a page at most. */
  PAGE_MAX: 200,
  /** Rooms of one `resume`. */
  RESUMED_ROOMS_MAX: 64,
  /** Members above which only `count` is sent. */
  NOTICE_PRESENT_MAX: 50,
} as const;

/** A request's mark: a whole number below 2^32, or a string of 1 to 64 bytes. */
export type Id = number | string;

/** One message to the server. */
export type PapoRequest = { id: Id } & Asked;

/** One message to the client: the answer to one of its requests, or an event. */
export type PapoMessage = Answer | PapoEvent;

/** The answer to the request with the id `re`; `null`: to one without a good id. */
export type Answer<V extends Asked["do"] = Asked["do"]> =
  | { re: Id; ok: Answers[V] }
  | { re: Id | null; no: No };

/** What may be asked, without its `id`. */
export type Asked =
  | {
    do: "hello";
    /** The language to be spoken to in: `pt`, `en` or `es`, or a tag such as `pt-BR`. */
    lang?: string;
    /** The client's program, for the server's log. */
    client?: string;
  }
  | { do: "log-in"; account: string; password: string }
  | { do: "log-in"; token: string }
  | { do: "log-in"; cookie: true }
  | { do: "register"; account: string; password: string }
  | { do: "log-out" }
  | { do: "tokens" }
  | { do: "revoke"; token: number }
  | { do: "me" }
  | { do: "rooms" }
  | {
    do: "create";
    room: string;
    /** How many it shall hold. */
    capacity: number;
    /** `public` if it is not given. */
    visibility?: Visibility;
    /** What to be called; needed if one is not called anything yet. */
    nick?: string;
  }
  | {
    do: "enter";
    room: string;
    /** What to be called; needed if one is not called anything yet. */
    nick?: string;
    /** The last event that one has: what is behind it comes after the answer. */
    after?: number;
  }
  | { do: "enter"; link: string; nick?: string; after?: number }
  | {
    do: "make-link";
    room: string;
    /** How many guests may be in by it at the same time; any number if it is not given. */
    capacity?: number;
    /** How often it may be used; as often as one likes if it is not given. */
    uses?: number;
    /** For how long it is good, in milliseconds; until it is revoked if it is not given. */
    for_ms?: number;
    /** What a guest is in the room by it: `guest` (if it is not given) or `member`. */
    role?: Role;
  }
  | { do: "links"; room: string }
  | { do: "revoke-link"; room: string; number: number }
  | {
    do: "resume";
    /** What to be called; needed if one is not called anything yet. */
    nick?: string;
    /** 64 at most. */
    rooms: Array<ResumeRoom>;
  }
  | {
    do: "direct";
    /** The other, by the nick of her account. */
    nick: string;
  }
  | { do: "leave"; room: string }
  | {
    do: "say";
    room: string;
    text: string;
    /** Makes it one post, however often it is sent. */
    key?: string;
    /** The message it answers. */
    reply?: number;
  }
  | { do: "edit"; room: string; seq: number; text: string }
  | { do: "delete"; room: string; seq: number }
  | {
    do: "react";
    room: string;
    seq: number;
    emoji: string;
    /** Give (if it is not given), or take away. */
    on?: boolean;
  }
  | {
    do: "pin";
    room: string;
    seq: number;
    /** Pin (if it is not given), or take away. */
    on?: boolean;
  }
  | { do: "pins"; room: string }
  | {
    do: "topic";
    room: string;
    /** Sets it, or with `null` takes it away; only asks if it is not given. */
    topic?: string | null;
  }
  | { do: "members"; room: string }
  | {
    do: "history";
    room: string;
    /** The last messages before this one; not together with `after`. */
    before?: number;
    /** The first messages after this one. */
    after?: number;
    /** 50 if it is not given, 200 at most. */
    limit?: number;
  }
  | {
    do: "search";
    room: string;
    words: string;
    /** 50 if it is not given, 200 at most. */
    limit?: number;
  }
  | { do: "message"; nick: string; text: string }
  | {
    do: "typing";
    room: string;
    /** Begins (if it is not given), or ends. */
    on?: boolean;
  }
  | {
    do: "read";
    room: string;
    /** The last message that was read. */
    seq: number;
  }
  | { do: "rename"; nick: string }
  | { do: "kick"; room: string; nick: string; reason?: string }
  | {
    do: "ban";
    room: string;
    /** Whom, if it is not an address. */
    nick?: string;
    /** An address or a range of them: `192.0.2.0/24`. */
    addresses?: string;
    /** For good if it is not given. */
    for_ms?: number;
    reason?: string;
  }
  | { do: "unban"; room: string; nick?: string; addresses?: string }
  | {
    do: "mute";
    room: string;
    nick: string;
    /** For good if it is not given. */
    for_ms?: number;
    reason?: string;
  }
  | { do: "unmute"; room: string; nick: string }
  | {
    do: "slow-mode";
    room: string;
    /** Between two messages of one person; 0: as often as one likes. */
    seconds: number;
  }
  | {
    do: "filter";
    room: string;
    /** What may not be said: a regular expression. */
    pattern: string;
    /** Add it (if it is not given), or take it away. */
    on?: boolean;
  }
  | {
    do: "raid";
    room: string;
    /** Keep guests out and silent (if it is not given), or let them in. */
    on?: boolean;
  }
  | {
    do: "role";
    room: string;
    nick: string;
    /** `guest` takes hers away. */
    role: Role;
  }
  | {
    do: "invite";
    room: string;
    nick: string;
    /** `member` if it is not given. */
    role?: Role;
  }
  | { do: "visibility"; room: string; visibility: Visibility }
  | { do: "capacity"; room: string; capacity: number }
  | { do: "bans"; room: string }
  | {
    do: "audit";
    room: string;
    /** The last entries before this one. */
    before?: number;
    /** 50 if it is not given, 200 at most. */
    limit?: number;
  }
  | { do: "earlier"; room: string; seq: number }
  | {
    do: "retention";
    room: string;
    /** How many to keep; as many as the server keeps if it is not given. */
    messages?: number;
    /** For how many days to keep them; as many as the server does if it is not given. */
    days?: number;
  }
  | {
    do: "purge";
    room: string;
    nick: string;
    /** Only what was said in the last so many milliseconds. */
    last_ms?: number;
  };

/** A room to come back to. */
export type ResumeRoom = {
  room: string;
  /** The last event that one has. */
  after: number;
};

/** What each request is answered with. */
export type Answers = {
  hello: Greeted;
  "log-in": LoggedIn;
  register: LoggedIn;
  "log-out": Done;
  tokens: Tokens;
  revoke: Done;
  me: Session;
  rooms: Rooms;
  create: Place;
  enter: Place;
  "make-link": MadeLink;
  links: Links;
  "revoke-link": Done;
  resume: Resumed;
  direct: Place;
  leave: Done;
  say: Kept;
  edit: Done;
  delete: Done;
  react: Done;
  pin: Done;
  pins: Messages;
  topic: Topic;
  members: Members;
  history: Messages;
  search: Messages;
  message: Done;
  typing: Done;
  read: Done;
  rename: Called;
  kick: Done;
  ban: Done;
  unban: Done;
  mute: Done;
  unmute: Done;
  "slow-mode": Done;
  filter: Done;
  raid: Done;
  role: Done;
  invite: Done;
  visibility: Done;
  capacity: Done;
  bans: InForce;
  purge: Done;
  retention: Done;
  audit: Audit;
  earlier: Versions;
};

/** No. `code` says why; the other fields are there where the code has them. */
export type No = {
  code: Code;
  /** The same, for people, in the session's language. */
  message: string;
  /** Which field of the request. */
  field?: string;
  room?: string;
  /** How many are in the room. */
  present?: number;
  /** How many the room holds. */
  capacity?: number;
  nick?: string;
  /** Which message. */
  seq?: number;
  /** The limit that was met. */
  max?: number;
  /** Milliseconds after which it may be tried again. */
  wait_ms?: number;
  /** Until when; without it, for good. */
  until?: number;
  /** Why, in the words of who did it. */
  reason?: string;
};

/** The code of a refusal. */
export type Code =
  | "bad-json"
  | "unknown-verb"
  | "missing-field"
  | "unknown-field"
  | "field-twice"
  | "bad-field"
  | "field-too-long"
  | "field-too-large"
  | "not-in-room"
  | "no-room"
  | "room-exists"
  | "room-full"
  | "no-link"
  | "link-expired"
  | "link-used-up"
  | "link-full"
  | "bad-capacity"
  | "too-many-rooms"
  | "in-too-many-rooms"
  | "nick-needed"
  | "nick-taken"
  | "nick-owned"
  | "no-nick"
  | "not-reading"
  | "no-message"
  | "not-yours"
  | "already-deleted"
  | "too-many-edits"
  | "too-many-pins"
  | "not-allowed"
  | "banned"
  | "muted"
  | "no-guests"
  | "slow-mode"
  | "filtered"
  | "no-account"
  | "logged-in-as"
  | "nothing-to-undo"
  | "list-full"
  | "bad-pattern"
  | "bad-slow-mode"
  | "no-direct"
  | "name-reserved"
  | "log-in-failed"
  | "no-token"
  | "not-logged-in"
  | "already-logged-in"
  | "account-taken"
  | "bad-password"
  | "registration-closed"
  | "not-encrypted"
  | "too-fast"
  | "busy"
  | "no-space"
  | "log-away";

/** In which language one is spoken to. */
export type Greeted = {
  /** `pt`, `en` or `es`. */
  lang: string;
};

/** One is logged in. */
export type LoggedIn = {
  /** The nick that the account owns. */
  account: string;
  /** The account's number, as it stands in `by`. */
  number: number;
  /** Logs in again later; there where a password logged in. Keep it as one keeps a password. */
  token?: string;
};

/** Where one's account is logged in, the oldest first. */
export type Tokens = { tokens: Array<Issued> };

/** A token that was issued. */
export type Issued = {
  /** Its number, by which it can be revoked. */
  token: number;
  /** What the program that logged in called itself. */
  label: string;
  /** When it was issued. */
  at: number;
  /** When it was last used, to the hour. */
  used_at: number;
  /** When it ends; not there if it does not. */
  expires_at?: number;
  /** Whether this session is logged in with it. */
  this: boolean;
};

/** What the server takes this session for. */
export type Session = {
  /** `pt`, `en` or `es`. */
  lang: string;
  /** What one is called; not there before one has entered a room or logged in. */
  nick?: string;
  /** The nick that one's account owns. */
  account?: string;
  /** The account's number, as it stands in `by`. */
  number?: number;
  /** The rooms one is in. */
  rooms: Array<string>;
  /** One's rooms of two; there where one is logged in. */
  direct?: Array<Direct>;
  /** What one has not read; there where one is logged in. */
  unread?: Array<UnreadRoom>;
};

/** The public rooms, by name. */
export type Rooms = {
  rooms: Array<Listed>;
  /** How many more there are. */
  more: number;
  /** One's rooms of two; there where one is logged in. */
  direct?: Array<Direct>;
  /** What one has not read; there where one is logged in. */
  unread?: Array<UnreadRoom>;
};

/** A room of the list. */
export type Listed = {
  room: string;
  /** How many are in it. */
  present: number;
  /** How many it holds. */
  capacity: number;
  /** What it is about; not there where nobody has said that. */
  topic?: string;
};

/** A room one is in. */
export type Place = {
  /** Its name as it was written when it was made. */
  room: string;
  /** What one is called. */
  nick: string;
  /** How many are in it, oneself included. */
  present: number;
  /** How many it holds. */
  capacity: number;
  topic: string | null;
  /** Its last event. What comes next is behind `after` where one was given, else behind this. */
  seq: number;
  /** With whom one shares it, if it is a room of two. */
  direct?: string;
  /** What one has not read; there where one's account has a marker, and in a room of two. */
  unread?: Unread;
};

/** The rooms of a `resume`, in the order of the request. */
export type Resumed = { rooms: Array<ResumedRoom> };

/** A room that is entered again, or why not. */
export type ResumedRoom = { ok: Place } | { no: No };

/** A room of two. */
export type Direct = {
  /** Its name, which `enter` takes too. */
  room: string;
  /** The other. */
  nick: string;
};

/** What one has not read in a room, the same on all one's devices. */
export type Unread = {
  /** How far one has read. */
  read: number;
  /** Messages of others after that; 999 at most are counted. */
  messages: number;
  /** Those of them in which one is called. */
  mentions: number;
  /** There may be more than were counted. */
  more?: true;
};

/** What one has not read, and where. */
export type UnreadRoom = { room: string; unread: Unread };

/**
 * Someone has said something in a room of two that one is not in: `enter` it, behind what one has,
 * to be told. The message is kept, this is not.
 */
export type DirectSaid = {
  room: string;
  /** The message's number. */
  seq: number;
  by: By;
};

/** The message is on the disk. */
export type Kept = {
  /** Its number. */
  seq: number;
};

/** A room's topic. */
export type Topic = { topic: string | null };

/** Who is in a room, in the order of entry. */
export type Members = {
  members: Array<Member>;
  /** How many more there are. */
  more: number;
};

/** Messages, oldest first. */
export type Messages = {
  messages: Array<Message>;
  /**
   * Whether there are more: of `history`, ask on behind the last one (`after`), or before the
   * first one (`before`).
   */
  more: boolean;
};

/** Someone in a room, however many of her devices are. */
export type Member = {
  nick: string;
  /** The number of her account, if she is logged in. */
  account?: number;
  role: Role;
  /** Whether she administers the server; not there if she does not. */
  admin?: boolean;
};

/** A guest link that was made. Nobody can read it again. */
export type MadeLink = {
  /** Its number. */
  number: number;
  /** The path to enter by. */
  link: string;
};

/** The guest links to a room, the oldest first. */
export type Links = { links: Array<Link> };

/** What is known of a guest link. */
export type Link = {
  /** Its number. */
  number: number;
  /** When it was made. */
  at: number;
  /** The number of the account that made it. */
  account: number;
  /** Guests that may be in by it at the same time; without it, any number. */
  capacity?: number;
  /** How often it may still be used; without it, as often as one likes. */
  uses?: number;
  /** Until when it is good; without it, until it is revoked. */
  until?: number;
  /** What a guest is in the room by it: `guest` or `member`. */
  role: Role;
  /** Whether it is revoked. */
  revoked: boolean;
};

/** A message as it stands now. */
export type Message = {
  /** Its number. */
  seq: number;
  at: number;
  by: By;
  /** As it was written last; `null`: it was deleted. */
  text: string | null;
  /** With its formatting; not there where it has none. */
  markup?: Markup;
  /** Which message it answers. */
  reply?: Reply;
  /** Whether the text is not the first one. */
  edited: boolean;
  /** Whether it is pinned. */
  pinned: boolean;
  /** The emoji it got, most first; 20 at most. */
  reactions: Array<Reaction>;
};

/** An emoji that a message got. */
export type Reaction = {
  emoji: string;
  /** From how many. */
  count: number;
  /** Whether it is one's own as well; not there if it is not. */
  mine?: true;
};

/**
 * What one is called now: also beside the order of any room, when the owner of one's nick has
 * logged in.
 */
export type Called = { nick: string };

/** Nothing more to say. */
export type Done = Record<string, never>;

/**
 * What comes without having been asked for. `room` is where, by the name it was made with; `at` is
 * when, in milliseconds since 1970-01-01 00:00 UTC. Ignore an event that you do not know.
 *
 * `seq` of a kept event is its own position in the room's log; of one that is not kept, that of
 * the last kept event before it.
 */
export type PapoEvent =
  | { ev: "created" } & Created
  | { ev: "said" } & Said
  | { ev: "edited" } & Edited
  | { ev: "deleted" } & Deleted
  | { ev: "erased" } & Erased
  | { ev: "reacted" } & Reacted
  | { ev: "pinned" } & Pinned
  | { ev: "moderated" } & Moderated
  | { ev: "topic" } & TopicSet
  | { ev: "entered" } & Entered
  | { ev: "left" } & Left
  | { ev: "renamed" } & Renamed
  | { ev: "count" } & Count
  | { ev: "typing" } & Typing
  | { ev: "read" } & Read
  | { ev: "direct" } & DirectSaid
  | { ev: "message" } & Private
  | { ev: "missed" } & Missed
  | { ev: "called" } & Called
  | { ev: "logged-out" }
  | { ev: "put-out" } & PutOut
  | { ev: "bye" } & Bye;

/** The room was made. Kept. */
export type Created = {
  room: string;
  seq: number;
  at: number;
  by: By;
  capacity: number;
  visibility: Visibility;
};

/** Someone said something. Kept. */
export type Said = {
  room: string;
  /** The message's number. */
  seq: number;
  at: number;
  by: By;
  /** As it was written. */
  text: string;
  /** With its formatting; not there where it has none: then it is one paragraph of `text`. */
  markup?: Markup;
  /** Which message it answers. */
  reply?: Reply;
};

/** The author of a message gave it another text. Kept. */
export type Edited = {
  room: string;
  seq: number;
  at: number;
  by: By;
  /** The message's number. */
  target: number;
  /** Its text from then on, as it was written. */
  text: string;
  /** With its formatting; not there where it has none. */
  markup?: Markup;
  /** How it began before. */
  quote?: Quote;
};

/** A message was taken back, or away: its text is gone. Kept. */
export type Deleted = {
  room: string;
  seq: number;
  at: number;
  by: By;
  /** The message's number. */
  target: number;
  /** It is one of many, of which a `moderated` tells at the end: say nothing of this one. */
  purge?: true;
};

/**
 * The place of a message, or of a correction of one, that was deleted later: only from a room's
 * past. Kept.
 */
export type Erased = {
  room: string;
  seq: number;
  at: number;
  by: By;
  /** The message that this corrected; not there if this was the message. */
  target?: number;
};

/** Someone gave a message an emoji, or took it away. Kept. */
export type Reacted = {
  room: string;
  seq: number;
  at: number;
  by: By;
  /** The message's number. */
  target: number;
  emoji: string;
  /** Given, or taken away. */
  on: boolean;
  /** How the message begins. */
  quote?: Quote;
};

/** Someone pinned a message, or took the pin away. Kept. */
export type Pinned = {
  room: string;
  seq: number;
  at: number;
  by: By;
  /** The message's number. */
  target: number;
  /** Pinned, or not any more. */
  on: boolean;
  /** How the message begins. */
  quote?: Quote;
};

/** Someone set the room's topic, or took it away. Kept. */
export type TopicSet = {
  room: string;
  seq: number;
  at: number;
  by: By;
  /** `null`: there is none any more. */
  topic: string | null;
};

/** Someone came in. Not kept. */
export type Entered = {
  room: string;
  seq: number;
  at: number;
  by: By;
  /** How many are in the room now. */
  present: number;
};

/** Someone went. Not kept. */
export type Left = {
  room: string;
  seq: number;
  at: number;
  by: By;
  how: Departure;
  /** How many are in the room now. */
  present: number;
};

/** Someone is called otherwise now. Not kept. */
export type Renamed = {
  room: string;
  seq: number;
  at: number;
  /** What she was called. */
  by: By;
  /** What she is called. */
  nick: string;
};

/** How many are in a crowded room, in place of `entered` and `left`. */
export type Count = { room: string; present: number };

/** Someone writes, or does not any more. */
export type Typing = { room: string; by: By; on: boolean };

/** On another of one's devices, one has read so far. */
export type Read = {
  room: string;
  /** The last message that was read. */
  seq: number;
};

/** A word to oneself alone. Not kept. */
export type Private = {
  at: number;
  by: By;
  /** As it was written. */
  text: string;
  /** With its formatting; not there where it has none. */
  markup?: Markup;
};

/** Events that are not kept any more, and were not sent. */
export type Missed = {
  room: string;
  /** The last event before the gap. */
  after: number;
  /** The first event behind it, which comes next. */
  begins: number;
};

/** The last message of a connection that the server closes. */
export type Bye = {
  why: ByeWhy;
  /** The same, for people, in the session's language. */
  message: string;
};

/** Who did it. */
export type By = {
  /** What she was called then. */
  nick: string;
  /** The number of her account, if she was logged in: the same person under any nick. */
  account?: number;
};

/** How a message begins. */
export type Quote = {
  /** Who said it. */
  nick: string;
  /** Its first 40 characters, with `...` behind them if there are more. */
  text: string;
};

/** Which message another one answers. */
export type Reply = {
  /** Its number. */
  to: number;
  /** How it begins; not there if it was deleted. */
  quote?: Quote;
};

/** Who may find a room. */
export type Visibility = "public" | "unlisted" | "private";

/**
 * How a member went: by asking to, because her connection ended, or put out: the `moderated` that
 * comes next says by whom and why.
 */
export type Departure = "left" | "disconnected" | "removed";

/** Why the server closes the connection. */
export type ByeWhy = "shutting-down" | "idle" | "flooded";

/**
 * Someone with rights kept order, or said what the room is. Kept. Which fields there are depends
 * on `measure`.
 */
export type Moderated = {
  room: string;
  seq: number;
  at: number;
  by: By;
  measure: Measure;
  /** To whom: a nick. */
  nick?: string;
  /** To whom: an address or a range of them; only in the answer to `audit`. */
  addresses?: string;
  /** Until when; without it, for good. */
  until?: number;
  reason?: string;
  role?: Role;
  /** Seconds between two messages of one person. */
  seconds?: number;
  /** What may not be said: a regular expression; only in the answer to `audit`. */
  pattern?: string;
  /** Begins, or ends. */
  on?: boolean;
  visibility?: Visibility;
  capacity?: number;
  /** What was said since then; without it, all. */
  since?: number;
  /** How many messages went, or are kept; 0: as many as the server keeps. */
  messages?: number;
  /** For how many days messages are kept; 0: for as many as the server keeps them. */
  days?: number;
};

/** What someone with rights did. */
export type Measure =
  | "kicked"
  | "banned"
  | "unbanned"
  | "muted"
  | "unmuted"
  | "role"
  | "slow-mode"
  | "filter"
  | "raid"
  | "visibility"
  | "capacity"
  | "purged"
  | "retention";

/** What someone may be in a room. */
export type Role = "guest" | "member" | "moderator" | "owner";

/** To one who is put out of a room. */
export type PutOut = {
  room: string;
  by: By;
  /** `kicked`, or `banned` where she is kept out. */
  measure: Measure;
  /** Until when; without it, for good. */
  until?: number;
  reason?: string;
};

/** What is in force in a room, for those who keep order there. */
export type InForce = {
  /** Who is kept out; the newest 1000, the oldest of them first. */
  bans: Array<Penalty>;
  /** Who is silent; as many. */
  mutes: Array<Penalty>;
  /** Who was given a role; as many. */
  roles: Array<Given>;
  /** What may not be said: regular expressions. */
  patterns: Array<string>;
  /** Seconds between two messages of one person; 0: as often as one likes. */
  seconds: number;
  /** Whether guests are kept out and silent. */
  raid: boolean;
  visibility: Visibility;
  /** How many the room holds. */
  capacity: number;
  /** How many messages are kept; 0: as many as the server keeps. */
  messages: number;
  /** For how many days messages are kept; 0: for as many as the server keeps them. */
  days: number;
  /** How many bans, mutes and roles there are more. */
  more: number;
};

/** A ban or a mute. */
export type Penalty = {
  /** Whose. */
  nick?: string;
  /** The number of her account, if it is of one. */
  account?: number;
  /** An address or a range of them, in place of a nick. */
  addresses?: string;
  by: By;
  /** Until when; without it, for good. */
  until?: number;
  reason?: string;
};

/** A role that was given. */
export type Given = { nick: string; account: number; role: Role };

/** Who did what in a room, oldest first. */
export type Audit = {
  entries: Array<Moderated>;
  /** Whether there are more before the first one. */
  more: boolean;
};

/** What a message ever said, oldest first; empty if it was deleted, or there is none. */
export type Versions = { texts: Array<Version> };

/** What a message said from a moment on. */
export type Version = {
  at: number;
  text: string;
  /** With its formatting; not there where it has none. */
  markup?: Markup;
};

/** A formatted message. Show it, never insert it as HTML. */
export type Markup = Block[];

export type Block =
  /** A paragraph. */
  | { t: "p"; c: Inline[] }
  /** Code, to be shown as it is; `lang` as written after the fence. */
  | { t: "pre"; lang?: string; x: string }
  /** A quote. */
  | { t: "quote"; c: Block[] }
  /** A list without numbers: its items. */
  | { t: "ul"; c: Block[][] }
  /** A numbered list: the number of the first item, and the items. */
  | { t: "ol"; start: number; c: Block[][] };

export type Inline =
  /** Text of one line. */
  | string
  /** Strong. */
  | { t: "b"; c: Inline[] }
  /** Emphasis. */
  | { t: "i"; c: Inline[] }
  /** Crossed out. */
  | { t: "s"; c: Inline[] }
  /** Code, to be shown as it is. */
  | { t: "code"; x: string }
  /** A link: http, https or mailto. No link and no mention is in it. */
  | { t: "a"; url: string; c: Inline[] }
  /** The line ends here. */
  | { t: "br" }
  /** Someone is called; she need not exist. */
  | { t: "at"; nick: string };
