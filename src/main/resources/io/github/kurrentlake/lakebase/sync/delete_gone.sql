DELETE FROM ${target} t USING ${staging} s WHERE s.${gone} AND ${same}
