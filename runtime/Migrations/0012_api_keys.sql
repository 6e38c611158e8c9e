-- Keys are listed by people, in the order they were made, and say when they were last used: to the minute, because a key is looked at with every request.
alter table api_key
    add column no bigint generated always as identity,
    add column created_by text not null default '',
    add column last_used_at timestamptz;
create unique index api_key_by_msp on api_key (msp_id, no);
