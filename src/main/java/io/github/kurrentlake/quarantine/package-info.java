/**
 * What a person does about the events that no Silver table has: list them, look at one, try them
 * again, or leave them out for good. The launcher and notebooks call it with a domain's
 * projections; it uses Silver's table of quarantined events and its redrive, and knows no event
 * type.
 */
package io.github.kurrentlake.quarantine;
