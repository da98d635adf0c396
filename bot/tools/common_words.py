"""Words of everyday questions, so that they are not taken for names; lists only."""

_COMMON = """
a about affected after again ago all also an and another any anything app are as at be been before
broken but by can cause caused causes check cluster come comes could crash crashed crashes
crashing crashloop deploy did do does doesn't doing don't down error errors events every
everything fail failed failing fails fine for from get gets getting go goes going happen happened
happening happens has have healthy help here hour hours how i in is isn't it its just kaia keep
keeps kubectl last latest log logs look many me minutes more morning most my named namespace
namespaces new no node nodes not nothing now of ok old on one or other our out please pod pods
previous problem problems ready reason restart restarted restarting restarts root running say see
service show since so some something start started starting starts still stop stopped stops than
thanks that the their them then there these they this to today traffic two unready up us was we
well what what's whats when where whether which who whole why will with work worked working works
were wrong yesterday you
"""
_ORDINARY = """
access affected alive anybody anyone application applications available bad behaviour big
certificate certificates changed changes connection connections containercreating cpu customers
data database disk dns each either entire evicted faulty finished first good half health image
images imagepullbackoff incident initialising ip k8s kubernetes latency login main memory missing
name names network nobody noone normal null odd only pending people performance possible
quota release replicas requests resource resources right rollout same scheduled second
secret secrets several single site small somebody someone state status storage stuck
terminated terminating third true unavailable unschedulable users version volume volumes
crashloopbackoff oomkilled list print
"""
COMMON = frozenset(_COMMON.split())
"""They name something only where it is said to be a name, and something of that name exists."""
ORDINARY = COMMON | frozenset(_ORDINARY.split())
"""That nothing is called by one of these is not worth saying."""
SUBRESOURCES = frozenset({"attach", "exec", "log", "logs", "portforward", "scale", "status"})
"""`pods/log` is a right, and no pod."""
