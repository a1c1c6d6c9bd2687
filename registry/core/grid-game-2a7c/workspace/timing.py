import time

print(time.strftime('%H:%M'))
