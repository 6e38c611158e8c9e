-- A rebuild that was cut short leaves an index that is not used and yet kept up to date.
drop index if exists reminder_due_ccnew, reminder_due_ccold, message_said_once_ccnew, message_said_once_ccold;
