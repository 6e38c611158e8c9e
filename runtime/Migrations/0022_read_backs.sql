-- What the last read-back of a send showed. One read may be as old as the vendor's cache: only reads that agree for a while settle anything, whatever they show.
alter table intent add column seen_units numeric;
