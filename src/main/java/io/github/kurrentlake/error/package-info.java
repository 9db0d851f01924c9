/**
 * Every error that a user can cause or meet, in one catalogue with code, problem, cause and fix.
 * All rooms throw {@link io.github.kurrentlake.error.KurrentlakeException}; anyone who talks to a
 * person prints its message and nothing else. This room uses no other.
 */
package io.github.kurrentlake.error;
