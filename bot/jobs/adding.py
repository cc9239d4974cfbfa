"""Adding a row by hand."""

from bot.errors import BotError
from bot.jobs import hand_values as values
from bot.jobs.hand_steps import By, Done, finish, rewrite, warned
from bot.jobs.office import Office
from bot.store import engine as db
from bot.store import imports, rows, states
from rules.body import case_key
from rules.former import identity, links
from rules.merge import merge
from rules.window import Quarter


def add(office: Office, said: dict[str, str], by: By) -> Done:
    """Tracks a decision or interruption that no file has brought; checked as a row of a file. A provisional row of it is taken over.

    said: column name (as in `bot/register/headers.toml`) → what was typed. Raises ConfigError for a value that cannot be read, BotError for
    a row that is tracked already.
    """
    today = office.today(by.now)
    entry, codes = values.entry(said, today, tuple(office.config.people.officers))
    with db.write(office.engine) as tx:
        near = rows.named(tx, [case_key(entry.case), case_key(entry.previous)])
        if any(identity(row.entry) == identity(entry) and not row.provisional for row in near):
            raise BotError("That row is tracked already; see `ivobot register show`, and put it right with `ivobot register correct`.")
        decided = merge([row for row in near if row.provisional], [entry], today=today, told=said.keys())
        before = states.of(tx, [change.row for change in decided.changed])
        if decided.changed:
            change = decided.changed[0]
            row_id = change.row
            rewrite(tx, office, next(row for row in near if row.id == row_id), change.new)
        else:
            silent_before = today if rows.empty(tx) else Quarter.of(today).first
            row_id = rows.add(tx, entry, entered=today, silent_before=silent_before)
        for link in links([entry], [row for row in near if row.id != row_id]):
            former = next(row for row in near if identity(row.entry) == link.former)
            imports.follow(tx, row_id, former.id)
        row = finish(tx, office, row_id, before, "added", by)
    return Done(row, True, warned(codes))
