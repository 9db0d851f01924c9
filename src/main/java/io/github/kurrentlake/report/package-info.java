/**
 * What the tables say of themselves, as a page of HTML that needs nothing else: tables that are
 * read without script, and a picture of each. It may use the layers, and writes nothing.
 */
package io.github.kurrentlake.report;
