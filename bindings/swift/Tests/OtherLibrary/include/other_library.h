/* Nothing is called by name: what is defined here stands in front of the library's own. */
