-- Moving every reminder of a large msp takes longer than the statement of a person may.
set local statement_timeout = '60s';
