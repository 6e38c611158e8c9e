-- Waits for every turn that has read its msp's calendar, and lets none read it before the commit: no turn leaves work due by the old one.
lock table msp in access exclusive mode;
