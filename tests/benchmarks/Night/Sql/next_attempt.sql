update message set due_at = now() where attempt > 0 and parked_reason is null;
