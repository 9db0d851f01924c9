/**
 * The Gold layer: one row per entity, made of the latest event of every projection. A domain calls
 * it with its declaration and its SQL; it uses tables and the declarations of Silver and Bronze.
 */
package io.github.kurrentlake.gold;
