// Is the labelled graph whole? Params: none. Returns: projected.
MATCH (state:KfState {id: 'estate'})
RETURN state.projected AS projected
