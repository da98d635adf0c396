"""How pods are reached: Services, Ingresses, policies. Pure: nobody's socket is asked."""
