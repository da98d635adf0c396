"""What a seat on Postgres asks: who is first, who died, who is to stop. For its own session.

Claiming there means that a replica that lost its session cannot claim. It is safe without a lock
per thread: places in line are given in the order of their commits, an ended turn stays ended, and
the unique index on running turns would refuse what must not be.
"""

CLAIM = """
with firsts as materialized (
  select min(seq) as seq from turns where status in ('waiting', 'running') group by thread
), busy as (
  select channel, kind, count(*) as n from turns where status = 'running' group by channel, kind
), ranked as (
  select t.seq, t.kind,
    row_number() over (partition by t.kind, t.channel order by t.seq) + coalesce(b.n, 0) as rank
  from firsts f
  join turns t on t.seq = f.seq and t.status = 'waiting' and t.not_before <= %(now)s
    and t.thread <> all(%(lanes)s::text[])
    and not exists (select 1 from turns r where r.thread = t.thread and r.status = 'running')
    and (t.crashes < 2 or not exists (select 1 from turns s where s.crashes >= 2 and (
      s.status = 'running'
      or (s.status = 'waiting' and s.seq < t.seq and s.not_before <= %(now)s))))
  left join busy b on b.channel = t.channel and b.kind = t.kind
), placed as (
  select seq, kind, row_number() over (partition by kind order by rank, seq) as place from ranked
), heads as materialized (
  select seq, place from placed
  where place <= case kind when 'talk' then %(talk)s else %(words)s end
), free as materialized (
  select t.seq, h.place from turns t join heads h on h.seq = t.seq
  where t.status = 'waiting' for update of t skip locked
), claimed as (
  update turns t set status = 'running', attempt = attempt + 1, owner = %(owner)s,
    started = %(now)s
  from free where t.seq = free.seq
  returning t.seq, t.payload, t.kind, t.attempt, t.crashes, t.started, t.conclusion, free.place
)
select * from claimed order by kind, place
"""
"""Fair between channels, across all replicas: fewest running plus place in the channel's line. What
died with two processes runs one at a time, so that the third takes no bystanders with it."""

DEAD = """
with owners as materialized (
  select distinct owner from turns where status = 'running' and owner <> %(owner)s
)
select owner from owners where pg_try_advisory_lock_shared(hashtextextended(owner, 2))
"""
"""Whose lock can be had is gone. Shared, so that replicas that look at once do not hide him."""

LET_GO = (
    "select pg_advisory_unlock_shared(hashtextextended(o, 2)) from unnest(%(owners)s::text[]) o"
)

# Rows somebody else holds are left for the next look: waiting for them would cost the session.
_PUT_BACK = """
with meant as materialized (
  select seq from turns where status = 'running' and owner = any(%(owners)s::text[])
    and seq <> all(%(spared)s::bigint[]) for update skip locked
), back as (
  update turns t set owner = null,
    status = case when t.stop then 'stopped' else 'waiting' end,
    finished = case when t.stop then %(now)s::float8 end,
    payload = case when t.stop then '' else t.payload end,
    conclusion = case when t.stop then null else t.conclusion end,
    crashes = t.crashes + {crashes}
  from meant where t.seq = meant.seq returning t.seq
)
select count(*) as n, case when count(*) > 0 then pg_notify('turns', '')::text end from back
"""

TAKE_OVER = _PUT_BACK.format(
    crashes="case when split_part(t.owner, '.', 2) in ('', %(server)s) then 1 else 0 end"
)
"""Of those who died. That counts as a crash, except where Postgres itself was restarted since: it
ended everybody's session, which says nothing of the turn."""

HAND_BACK = _PUT_BACK.format(crashes="0")
"""One's own, by who leaves or has come back: nobody died."""

TO_STOP = "select seq from turns where status = 'running' and stop and owner = %(owner)s"

TELL = "select pg_notify('turns', '')"
