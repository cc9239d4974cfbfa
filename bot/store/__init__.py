"""The database: the only place that knows SQL. Every function takes an open transaction and leaves committing to its caller."""
