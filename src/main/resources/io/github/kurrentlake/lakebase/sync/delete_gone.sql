DELETE FROM ${target} t USING ${staging} s WHERE s.${deleted} AND ${same}
