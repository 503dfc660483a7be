/** Version 3: the jobs of the queue. */
export const jobs = `
-- What was asked for, and what became of it. Paths of the user's files are never in here: they lie in jobs/<id>/ until the job has
-- ended. session: the process that is (or was) at it.
CREATE TABLE jobs (
  id         TEXT PRIMARY KEY,
  kind       TEXT NOT NULL,
  title      TEXT NOT NULL,
  parameters TEXT NOT NULL CHECK (json_valid(parameters)),
  state      TEXT NOT NULL CHECK (state IN
               ('queued', 'running', 'succeeded', 'cancelled', 'failed', 'out-of-memory', 'crashed', 'interrupted')),
  priority   INTEGER NOT NULL,
  position   INTEGER NOT NULL,
  attempt    INTEGER NOT NULL CHECK (attempt > 0),
  created    TEXT NOT NULL,
  started    TEXT,
  ended      TEXT,
  session    TEXT,
  -- The run that the next attempt goes on with.
  run        TEXT,
  items      TEXT NOT NULL CHECK (json_valid(items)),
  outcome    TEXT CHECK (outcome IS NULL OR json_valid(outcome)),
  error      TEXT CHECK (error IS NULL OR json_valid(error))
) STRICT;
CREATE INDEX jobs_by_state ON jobs (state, priority, position);
`;
