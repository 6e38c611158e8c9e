-- $1 msp, of which nothing is asked: silos are of the whole hub. One that has missed two check-ins is missed; by then others have taken its place.
select s.name, s.checked_in_at, s.check_in_seconds, s.checked_in_at > now() - (2 * s.check_in_seconds + 2) * interval '1 second', s.pokes
from silos_seen() s
order by s.name;
