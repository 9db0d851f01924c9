package io.github.kurrentlake.lakebase.connect;

import io.github.kurrentlake.settings.Secret;
import java.time.Instant;

/**
 * All that one login needs. It holds a secret, so it stays in memory and does not travel.
 *
 * @param password a password or a token
 * @param expiresAt when the password stops to open connections; those that are open stay so
 */
public record ConnectionInfo(PostgresAddress address, Secret password, Instant expiresAt) {}
