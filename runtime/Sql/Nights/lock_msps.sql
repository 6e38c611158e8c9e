-- One msp of the hub is made or changed at a time, so that a name is never given twice. Everybody else reads on.
lock table msp in share row exclusive mode;
