UPDATE ${quarantine}
SET state = 'dismissed', reason = ${reason}
WHERE state = 'open' AND ${condition}
