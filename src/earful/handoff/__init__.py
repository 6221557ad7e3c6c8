"""Conversations handed to another desk (Zendesk, Zammad, Chatwoot, Salesforce, any webhook).

Only a person hands one over. What comes back is looked up there, never believed from a call alone,
and only changes the line that says where the conversation is: it sends nothing, opens nothing and
hands nothing on, so that two desks can't answer each other for ever.
"""
