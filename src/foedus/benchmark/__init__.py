"""How fast foedus is, measured against Mesa and against what the machine allows."""
