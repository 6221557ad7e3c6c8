"""Clock, ids, paging, text: small tools without help-desk words."""
