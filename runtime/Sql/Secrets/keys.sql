select xml from protection_key order by created_at, friendly_name;
