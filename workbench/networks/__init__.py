"""Parts of networks that methods share: what they see of people, and what they make of it."""
