-- $1 integration, $2 how many. Organizations that have settings of their own.
select o.id, o.name
from organization o
where o.id in (select d.organization_id from desk_override d where d.integration_id = $1)
order by o.id
limit $2;
