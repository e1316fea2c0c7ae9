"""The agent: `assistant.write` runs it once over a draft. Nothing in here writes to the database."""
