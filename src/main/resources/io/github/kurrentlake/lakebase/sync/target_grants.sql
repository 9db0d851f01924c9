-- The privileges that others than the owner have: privilege, role, and whether they may pass it on.
SELECT a.privilege_type AS privilege,
  CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE format('%I', pg_get_userbyid(a.grantee)) END AS role,
  CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END AS with_option
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL aclexplode(c.relacl) a
WHERE n.nspname = ? AND c.relname = ? AND a.grantee <> c.relowner
